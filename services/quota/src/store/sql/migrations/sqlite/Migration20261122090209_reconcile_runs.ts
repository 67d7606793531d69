import { Migration } from '@mikro-orm/migrations';

export class Migration20261122090209_reconcile_runs extends Migration {

  override name = 'Migration20261122090209_reconcile_runs';

  override up(): void | Promise<void> {
    this.addSql(`create table \`reconcile_runs\` (\`run_id\` blob not null primary key, \`job\` text not null, \`at_ms\` integer not null, \`took_ms\` integer not null, \`checked\` integer not null, \`violation_count\` integer not null, \`violations\` text not null, \`is_complete\` integer not null, \`state\` text not null);`);
    this.addSql(`create index \`reconcile_runs_job\` on \`reconcile_runs\` (\`job\`, \`run_id\`);`);
    this.addSql(`create index \`reconcile_runs_violations\` on \`reconcile_runs\` (\`violation_count\`, \`run_id\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`reconcile_runs\`;`);
  }

}
