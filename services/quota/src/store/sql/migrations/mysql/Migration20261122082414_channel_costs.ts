import { Migration } from '@mikro-orm/migrations';

export class Migration20261122082414_channel_costs extends Migration {

  override name = 'Migration20261122082414_channel_costs';

  override up(): void | Promise<void> {
    this.addSql(`create table \`channel_costs\` (\`channel_id\` int unsigned not null, \`model\` varchar(160) not null, \`multiplier_ppm\` bigint not null, \`vector\` longtext not null, \`updated_at_ms\` bigint not null, \`actor_id\` int not null, primary key (\`channel_id\`, \`model\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`alter table \`upstream_attempts\` add \`upstream_cost_nanos\` bigint not null default 0;`);

    this.addSql(`alter table \`usage_day\` add \`upstream_cost_nanos\` bigint not null default 0;`);

    this.addSql(`alter table \`usage_hour\` add \`upstream_cost_nanos\` bigint not null default 0;`);

    this.addSql(`alter table \`usage_log\` add \`upstream_cost_nanos\` bigint not null default 0;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`channel_costs\`;`);

    this.addSql(`alter table \`upstream_attempts\` drop column \`upstream_cost_nanos\`;`);

    this.addSql(`alter table \`usage_day\` drop column \`upstream_cost_nanos\`;`);

    this.addSql(`alter table \`usage_hour\` drop column \`upstream_cost_nanos\`;`);

    this.addSql(`alter table \`usage_log\` drop column \`upstream_cost_nanos\`;`);
  }

}
