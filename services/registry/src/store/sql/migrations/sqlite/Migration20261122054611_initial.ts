import { Migration } from '@mikro-orm/migrations';

export class Migration20261122054611_initial extends Migration {

  override name = 'Migration20261122054611_initial';

  override up(): void | Promise<void> {
    // Without row ids the texts are stored twice instead of three times.
    this.addSql(`create table \`registry_abilities\` (\`channel_id\` integer not null, \`group_name\` text not null, \`model\` text not null, primary key (\`channel_id\`, \`group_name\`, \`model\`)) without rowid;`);
    this.addSql(`create index \`registry_abilities_model\` on \`registry_abilities\` (\`model\`, \`group_name\`);`);

    this.addSql(`create table \`registry_channels\` (\`id\` integer not null primary key, \`type\` integer not null, \`status\` integer not null, \`status_reason\` text not null, \`name\` text not null, \`weight\` integer not null, \`priority\` integer not null, \`base_url\` text not null, \`models\` text not null, \`group_names\` text not null, \`model_mapping\` text not null, \`sealed_config\` text not null, \`system_prompt\` text not null, \`other\` text not null, \`sealed_credential\` text not null, \`credential_fingerprint\` text not null, \`key_hint\` text not null, \`created_at\` integer not null, \`response_time_ms\` integer not null, \`test_time\` integer not null, \`balance_nanos\` integer not null, \`balance_updated_at\` integer not null, \`used_nanos\` integer not null, \`routed_version\` integer not null);`);
    this.addSql(`create index \`registry_channels_version\` on \`registry_channels\` (\`routed_version\`);`);
    this.addSql(`create index \`registry_channels_status\` on \`registry_channels\` (\`status\`);`);
    this.addSql(`create index \`registry_channels_fingerprint\` on \`registry_channels\` (\`credential_fingerprint\`);`);

    this.addSql(`create table \`registry_options\` (\`option_key\` text not null primary key, \`option_value\` text not null);`);

    this.addSql(`create table \`registry_removals\` (\`channel_id\` integer not null primary key, \`routed_version\` integer not null);`);
    this.addSql(`create index \`registry_removals_version\` on \`registry_removals\` (\`routed_version\`);`);

    this.addSql(`create table \`registry_state\` (\`id\` integer not null primary key, \`version\` integer not null, \`last_channel_id\` integer not null);`);

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
