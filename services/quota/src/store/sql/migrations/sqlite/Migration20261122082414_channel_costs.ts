import { Migration } from '@mikro-orm/migrations';

export class Migration20261122082414_channel_costs extends Migration {

  override name = 'Migration20261122082414_channel_costs';

  override up(): void | Promise<void> {
    this.addSql(`create table \`channel_costs\` (\`channel_id\` integer not null, \`model\` text not null, \`multiplier_ppm\` integer not null, \`vector\` text not null, \`updated_at_ms\` integer not null, \`actor_id\` integer not null, primary key (\`channel_id\`, \`model\`));`);

    this.addSql(`alter table \`upstream_attempts\` add column \`upstream_cost_nanos\` integer not null default 0;`);

    this.addSql(`alter table \`usage_day\` add column \`upstream_cost_nanos\` integer not null default 0;`);

    this.addSql(`alter table \`usage_hour\` add column \`upstream_cost_nanos\` integer not null default 0;`);

    this.addSql(`alter table \`usage_log\` add column \`upstream_cost_nanos\` integer not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`channel_costs\`;`);

    this.addSql(`alter table \`upstream_attempts\` drop column \`upstream_cost_nanos\`;`);

    this.addSql(`alter table \`usage_day\` drop column \`upstream_cost_nanos\`;`);

    this.addSql(`alter table \`usage_hour\` drop column \`upstream_cost_nanos\`;`);

    this.addSql(`alter table \`usage_log\` drop column \`upstream_cost_nanos\`;`);
  }

}
