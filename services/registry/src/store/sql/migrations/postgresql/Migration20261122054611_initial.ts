import { Migration } from '@mikro-orm/migrations';

export class Migration20261122054611_initial extends Migration {

  override name = 'Migration20261122054611_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table "registry_abilities" ("channel_id" int not null, "group_name" varchar(64) not null, "model" varchar(200) not null, primary key ("channel_id", "group_name", "model"));`);
    this.addSql(`create index "registry_abilities_model" on "registry_abilities" ("model", "group_name");`);

    this.addSql(`create table "registry_channels" ("id" int not null, "type" int not null, "status" int not null, "status_reason" varchar(400) not null, "name" varchar(80) not null, "weight" int not null, "priority" bigint not null, "base_url" varchar(500) not null, "models" text not null, "group_names" text not null, "model_mapping" text not null, "sealed_config" text not null, "system_prompt" text not null, "other" varchar(1000) not null, "sealed_credential" text not null, "credential_fingerprint" varchar(64) not null, "key_hint" varchar(8) not null, "created_at" bigint not null, "response_time_ms" int not null, "test_time" bigint not null, "balance_nanos" bigint not null, "balance_updated_at" bigint not null, "used_nanos" bigint not null, "routed_version" bigint not null, primary key ("id"));`);
    this.addSql(`create index "registry_channels_version" on "registry_channels" ("routed_version");`);
    this.addSql(`create index "registry_channels_status" on "registry_channels" ("status");`);
    this.addSql(`create index "registry_channels_fingerprint" on "registry_channels" ("credential_fingerprint");`);

    this.addSql(`create table "registry_options" ("option_key" varchar(64) not null, "option_value" varchar(200) not null, primary key ("option_key"));`);

    this.addSql(`create table "registry_removals" ("channel_id" int not null, "routed_version" bigint not null, primary key ("channel_id"));`);
    this.addSql(`create index "registry_removals_version" on "registry_removals" ("routed_version");`);

    this.addSql(`create table "registry_state" ("id" int not null, "version" bigint not null, "last_channel_id" int not null, primary key ("id"));`);

    // The one row of counters; version 0 stands for "nothing known yet".
    this.addSql(`insert into registry_state (id, version, last_channel_id) values (1, 1, 0);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "registry_abilities" cascade;`);
    this.addSql(`drop table if exists "registry_channels" cascade;`);
    this.addSql(`drop table if exists "registry_options" cascade;`);
    this.addSql(`drop table if exists "registry_removals" cascade;`);
    this.addSql(`drop table if exists "registry_state" cascade;`);
  }

}
