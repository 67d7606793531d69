import { Migration } from '@mikro-orm/migrations';

export class Migration20261122090210_reconcile_runs extends Migration {

  override name = 'Migration20261122090210_reconcile_runs';

  override up(): void | Promise<void> {
    this.addSql(`create table "reconcile_runs" ("run_id" bytea not null, "job" varchar(32) not null, "at_ms" bigint not null, "took_ms" bigint not null, "checked" bigint not null, "violation_count" bigint not null, "violations" text not null, "is_complete" boolean not null, "state" text not null, primary key ("run_id"));`);
    this.addSql(`create index "reconcile_runs_job" on "reconcile_runs" ("job", "run_id");`);
    this.addSql(`create index "reconcile_runs_violations" on "reconcile_runs" ("violation_count", "run_id");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "reconcile_runs" cascade;`);
  }

}
