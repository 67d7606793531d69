import { Migration } from '@mikro-orm/migrations';

export class Migration20261122113231_strict_users extends Migration {

  override name = 'Migration20261122113231_strict_users';

  override up(): void | Promise<void> {
    this.addSql(`alter table "users" add "is_strict" boolean not null default false;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "users" drop column "is_strict";`);
  }

}
