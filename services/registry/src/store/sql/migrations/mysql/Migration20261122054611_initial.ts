import { Migration } from '@mikro-orm/migrations';

export class Migration20261122054611_initial extends Migration {

  override name = 'Migration20261122054611_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table \`registry_abilities\` (\`channel_id\` int unsigned not null, \`group_name\` varchar(64) not null, \`model\` varchar(200) not null, primary key (\`channel_id\`, \`group_name\`, \`model\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`registry_abilities\` add index \`registry_abilities_model\` (\`model\`, \`group_name\`);`);

    this.addSql(`create table \`registry_channels\` (\`id\` int unsigned not null, \`type\` int not null, \`status\` int not null, \`status_reason\` varchar(400) not null, \`name\` varchar(80) not null, \`weight\` int not null, \`priority\` bigint not null, \`base_url\` varchar(500) not null, \`models\` mediumtext not null, \`group_names\` mediumtext not null, \`model_mapping\` mediumtext not null, \`sealed_config\` mediumtext not null, \`system_prompt\` mediumtext not null, \`other\` varchar(1000) not null, \`sealed_credential\` mediumtext not null, \`credential_fingerprint\` varchar(64) not null, \`key_hint\` varchar(8) not null, \`created_at\` bigint not null, \`response_time_ms\` int not null, \`test_time\` bigint not null, \`balance_nanos\` bigint not null, \`balance_updated_at\` bigint not null, \`used_nanos\` bigint not null, \`routed_version\` bigint not null, primary key (\`id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`registry_channels\` add index \`registry_channels_version\` (\`routed_version\`);`);
    this.addSql(`alter table \`registry_channels\` add index \`registry_channels_status\` (\`status\`);`);
    this.addSql(`alter table \`registry_channels\` add index \`registry_channels_fingerprint\` (\`credential_fingerprint\`);`);

    this.addSql(`create table \`registry_options\` (\`option_key\` varchar(64) not null, \`option_value\` varchar(200) not null, primary key (\`option_key\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`create table \`registry_removals\` (\`channel_id\` int unsigned not null, \`routed_version\` bigint not null, primary key (\`channel_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`registry_removals\` add index \`registry_removals_version\` (\`routed_version\`);`);

    this.addSql(`create table \`registry_state\` (\`id\` int unsigned not null, \`version\` bigint not null, \`last_channel_id\` int not null, primary key (\`id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    // The one row of counters; version 0 stands for "nothing known yet".
    this.addSql(`insert into registry_state (id, version, last_channel_id) values (1, 1, 0);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`registry_abilities\`;`);
    this.addSql(`drop table if exists \`registry_channels\`;`);
    this.addSql(`drop table if exists \`registry_options\`;`);
    this.addSql(`drop table if exists \`registry_removals\`;`);
    this.addSql(`drop table if exists \`registry_state\`;`);
  }

}
