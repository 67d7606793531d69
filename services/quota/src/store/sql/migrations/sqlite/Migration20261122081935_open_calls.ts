import { Migration } from '@mikro-orm/migrations';

export class Migration20261122081935_open_calls extends Migration {

  override name = 'Migration20261122081935_open_calls';

  override up(): void | Promise<void> {
    this.addSql(`create table \`open_calls\` (\`journal_id\` blob not null, \`request_id\` blob not null, \`epoch\` integer not null, \`seq\` integer not null, \`facts\` text not null, \`delivered\` text not null, primary key (\`journal_id\`, \`request_id\`));`);

    this.addSql(`alter table \`journals\` add column \`force_closed_at_ms\` integer not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`open_calls\`;`);

    this.addSql(`alter table \`journals\` drop column \`force_closed_at_ms\`;`);
  }

}
