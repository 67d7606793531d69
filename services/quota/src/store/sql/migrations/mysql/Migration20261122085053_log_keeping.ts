import { Migration } from '@mikro-orm/migrations';

export class Migration20261122085053_log_keeping extends Migration {

  override name = 'Migration20261122085053_log_keeping';

  override up(): void | Promise<void> {
    this.addSql(`create table \`log_keeping\` (\`id\` int unsigned not null, \`floor_ms\` bigint not null default 0, \`dropped_ms\` bigint not null default 0, \`copied_ms\` bigint not null default 0, primary key (\`id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`create table \`quarantine\` (\`request_id\` binary(16) not null, \`batch_id\` binary(16) not null, \`journal_id\` binary(16) not null, \`user_id\` int not null, \`reason\` varchar(64) not null, \`payload\` longtext not null, \`at_ms\` bigint not null, primary key (\`request_id\`, \`batch_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`create table \`retired_usage\` (\`user_id\` int unsigned not null, \`batch_id\` binary(16) not null, \`cost_nanos\` bigint not null, primary key (\`user_id\`, \`batch_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`insert into \`log_keeping\` (\`id\`) values (1);`);

    // What is there goes below a fixed day, what comes above it; the keeper of the log splits the rest by days.
    this.addSql(`alter table \`usage_log\` partition by range columns (\`request_id\`) (partition \`p20261121\` values less than (x'01a2008d740000000000000000000000'), partition \`p_max\` values less than (maxvalue));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table \`usage_log\` remove partitioning;`);
    this.addSql(`drop table if exists \`log_keeping\`;`);
    this.addSql(`drop table if exists \`quarantine\`;`);
    this.addSql(`drop table if exists \`retired_usage\`;`);
  }

}
