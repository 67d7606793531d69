import { Migration } from '@mikro-orm/migrations';

export class Migration20261122085053_log_keeping extends Migration {

  override name = 'Migration20261122085053_log_keeping';

  override up(): void | Promise<void> {
    this.addSql(`create table "log_keeping" ("id" int not null, "floor_ms" bigint not null default 0, "dropped_ms" bigint not null default 0, "copied_ms" bigint not null default 0, primary key ("id"));`);

    this.addSql(`create table "quarantine" ("request_id" bytea not null, "batch_id" bytea not null, "journal_id" bytea not null, "user_id" int not null, "reason" varchar(64) not null, "payload" text not null, "at_ms" bigint not null, primary key ("request_id", "batch_id"));`);

    this.addSql(`create table "retired_usage" ("user_id" int not null, "batch_id" bytea not null, "cost_nanos" bigint not null, primary key ("user_id", "batch_id"));`);

    this.addSql(`insert into "log_keeping" ("id") values (1);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "log_keeping" cascade;`);
    this.addSql(`drop table if exists "quarantine" cascade;`);
    this.addSql(`drop table if exists "retired_usage" cascade;`);
  }

}
