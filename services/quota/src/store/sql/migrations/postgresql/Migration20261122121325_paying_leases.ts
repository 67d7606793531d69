import { Migration } from '@mikro-orm/migrations';

export class Migration20261122121325_paying_leases extends Migration {

  override name = 'Migration20261122121325_paying_leases';

  override up(): void | Promise<void> {
    this.addSql(`create table "settled_batches" ("batch_id" bytea not null, "journal_id" bytea not null, "from_seq" bigint not null, "next_seq" bigint not null, "calls" int not null, "calls_mark" bytea not null, "first_request_id" bytea not null, "last_request_id" bytea not null, primary key ("batch_id"));`);
    this.addSql(`create index "settled_batches_journal" on "settled_batches" ("journal_id", "from_seq");`);

    this.addSql(`alter table "usage_log" add "lease_epoch" bigint not null default 0, add "lease_no" bigint not null default 0, add "hold_nanos" bigint not null default 0, add "beyond_nanos" bigint not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "settled_batches" cascade;`);

    this.addSql(`alter table "usage_log" drop column "lease_epoch", drop column "lease_no", drop column "hold_nanos", drop column "beyond_nanos";`);
  }

}
