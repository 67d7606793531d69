import { Migration } from '@mikro-orm/migrations';

export class Migration20261122121325_paying_leases extends Migration {

  override name = 'Migration20261122121325_paying_leases';

  override up(): void | Promise<void> {
    this.addSql(`create table \`settled_batches\` (\`batch_id\` blob not null primary key, \`journal_id\` blob not null, \`from_seq\` integer not null, \`next_seq\` integer not null, \`calls\` integer not null, \`calls_mark\` blob not null, \`first_request_id\` blob not null, \`last_request_id\` blob not null);`);
    this.addSql(`create index \`settled_batches_journal\` on \`settled_batches\` (\`journal_id\`, \`from_seq\`);`);

    this.addSql(`alter table \`usage_log\` add column \`lease_epoch\` integer not null default 0;`);
    this.addSql(`alter table \`usage_log\` add column \`lease_no\` integer not null default 0;`);
    this.addSql(`alter table \`usage_log\` add column \`hold_nanos\` integer not null default 0;`);
    this.addSql(`alter table \`usage_log\` add column \`beyond_nanos\` integer not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`settled_batches\`;`);

    this.addSql(`alter table \`usage_log\` drop column \`lease_epoch\`;`);
    this.addSql(`alter table \`usage_log\` drop column \`lease_no\`;`);
    this.addSql(`alter table \`usage_log\` drop column \`hold_nanos\`;`);
    this.addSql(`alter table \`usage_log\` drop column \`beyond_nanos\`;`);
  }

}
