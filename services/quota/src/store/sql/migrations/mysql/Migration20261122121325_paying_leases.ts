import { Migration } from '@mikro-orm/migrations';

export class Migration20261122121325_paying_leases extends Migration {

  override name = 'Migration20261122121325_paying_leases';

  override up(): void | Promise<void> {
    this.addSql(`create table \`settled_batches\` (\`batch_id\` binary(16) not null, \`journal_id\` binary(16) not null, \`from_seq\` bigint not null, \`next_seq\` bigint not null, \`calls\` int not null, \`calls_mark\` binary(16) not null, \`first_request_id\` binary(16) not null, \`last_request_id\` binary(16) not null, primary key (\`batch_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`settled_batches\` add index \`settled_batches_journal\` (\`journal_id\`, \`from_seq\`);`);

    this.addSql(`alter table \`usage_log\` add \`lease_epoch\` bigint not null default 0, add \`lease_no\` bigint not null default 0, add \`hold_nanos\` bigint not null default 0, add \`beyond_nanos\` bigint not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`settled_batches\`;`);

    this.addSql(`alter table \`usage_log\` drop column \`lease_epoch\`, drop column \`lease_no\`, drop column \`hold_nanos\`, drop column \`beyond_nanos\`;`);
  }

}
