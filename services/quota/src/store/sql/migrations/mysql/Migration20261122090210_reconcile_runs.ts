import { Migration } from '@mikro-orm/migrations';

export class Migration20261122090210_reconcile_runs extends Migration {

  override name = 'Migration20261122090210_reconcile_runs';

  override up(): void | Promise<void> {
    this.addSql(`create table \`reconcile_runs\` (\`run_id\` binary(16) not null, \`job\` varchar(32) not null, \`at_ms\` bigint not null, \`took_ms\` bigint not null, \`checked\` bigint not null, \`violation_count\` bigint not null, \`violations\` longtext not null, \`is_complete\` tinyint(1) not null, \`state\` longtext not null, primary key (\`run_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`reconcile_runs\` add index \`reconcile_runs_job\` (\`job\`, \`run_id\`);`);
    this.addSql(`alter table \`reconcile_runs\` add index \`reconcile_runs_violations\` (\`violation_count\`, \`run_id\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`reconcile_runs\`;`);
  }

}
