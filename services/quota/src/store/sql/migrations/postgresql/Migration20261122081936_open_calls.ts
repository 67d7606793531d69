import { Migration } from '@mikro-orm/migrations';

export class Migration20261122081936_open_calls extends Migration {

  override name = 'Migration20261122081936_open_calls';

  override up(): void | Promise<void> {
    this.addSql(`create table "open_calls" ("journal_id" bytea not null, "request_id" bytea not null, "epoch" bigint not null, "seq" bigint not null, "facts" varchar(4000) not null, "delivered" varchar(1000) not null, primary key ("journal_id", "request_id"));`);

    this.addSql(`alter table "journals" add "force_closed_at_ms" bigint not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "open_calls" cascade;`);

    this.addSql(`alter table "journals" drop column "force_closed_at_ms";`);
  }

}
