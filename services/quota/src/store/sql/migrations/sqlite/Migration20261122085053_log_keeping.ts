import { Migration } from '@mikro-orm/migrations';

export class Migration20261122085053_log_keeping extends Migration {

  override name = 'Migration20261122085053_log_keeping';

  override up(): void | Promise<void> {
    this.addSql(`create table \`log_keeping\` (\`id\` integer not null primary key, \`floor_ms\` integer not null default 0, \`dropped_ms\` integer not null default 0, \`copied_ms\` integer not null default 0);`);

    this.addSql(`create table \`quarantine\` (\`request_id\` blob not null, \`batch_id\` blob not null, \`journal_id\` blob not null, \`user_id\` integer not null, \`reason\` text not null, \`payload\` text not null, \`at_ms\` integer not null, primary key (\`request_id\`, \`batch_id\`));`);

    this.addSql(`create table \`retired_usage\` (\`user_id\` integer not null, \`batch_id\` blob not null, \`cost_nanos\` integer not null, primary key (\`user_id\`, \`batch_id\`));`);

    this.addSql(`insert into \`log_keeping\` (\`id\`) values (1);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`log_keeping\`;`);
    this.addSql(`drop table if exists \`quarantine\`;`);
    this.addSql(`drop table if exists \`retired_usage\`;`);
  }

}
