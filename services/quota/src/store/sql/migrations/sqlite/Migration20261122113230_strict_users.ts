import { Migration } from '@mikro-orm/migrations';

export class Migration20261122113230_strict_users extends Migration {

  override name = 'Migration20261122113230_strict_users';

  override up(): void | Promise<void> {
    this.addSql(`alter table \`users\` add column \`is_strict\` integer not null default false;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table \`users\` drop column \`is_strict\`;`);
  }

}
