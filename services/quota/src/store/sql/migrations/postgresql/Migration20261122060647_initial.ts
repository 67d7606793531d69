import { Migration } from '@mikro-orm/migrations';

export class Migration20261122060647_initial extends Migration {

  override name = 'Migration20261122060647_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table "activity_log" ("id" bytea not null, "kind" smallint not null, "user_id" int not null, "username" varchar(64) not null, "content" varchar(2000) not null, "channel_id" int not null, "model" varchar(160) not null, "duration_ms" bigint not null, primary key ("id"));`);
    this.addSql(`create index "activity_log_user" on "activity_log" ("user_id", "id");`);

    this.addSql(`create table "api_keys" ("id" serial primary key, "user_id" int not null, "name" varchar(64) not null, "status" smallint not null, "secret_hash" varchar(64) not null, "secret_sealed" varchar(1024) not null, "hint" varchar(8) not null, "created_at" bigint not null, "expires_at" bigint not null, "models" text not null, "subnets" text not null);`);
    this.addSql(`alter table "api_keys" add constraint "api_keys_secret_hash_unique" unique ("secret_hash");`);
    this.addSql(`create index "api_keys_user" on "api_keys" ("user_id", "id");`);

    this.addSql(`create table "changes" ("id" serial primary key, "created_at_ms" bigint not null, "payload" varchar(4000) not null);`);
    this.addSql(`create index "changes_created" on "changes" ("created_at_ms");`);

    this.addSql(`create table "journals" ("journal_id" bytea not null, "epoch" bigint not null, "hwm" bigint not null default 0, "node_name" varchar(255) not null, "build" varchar(64) not null, "created_at_ms" bigint not null, "last_seen_ms" bigint not null, primary key ("journal_id"));`);

    this.addSql(`create table "key_caps" ("key_id" int not null, "user_id" int not null, "is_capped" boolean not null, "cap_nanos" bigint not null default 0, "used_nanos" bigint not null default 0, "held_nanos" bigint not null default 0, "accessed_at" bigint not null default 0, "is_closed" boolean not null, primary key ("key_id"));`);

    this.addSql(`create table "leases" ("journal_id" bytea not null, "epoch" bigint not null, "lease_no" bigint not null, "user_id" int not null, "key_id" int not null, "granted_nanos" bigint not null, "settled_nanos" bigint not null default 0, "returned_nanos" bigint not null default 0, "state" int not null, "reason" int not null, "created_at_ms" bigint not null, "closed_at_ms" bigint not null default 0, primary key ("journal_id", "epoch", "lease_no"));`);
    this.addSql(`create index "leases_user_state" on "leases" ("user_id", "state");`);
    this.addSql(`create index "leases_journal_state" on "leases" ("journal_id", "state");`);
    this.addSql(`create index "leases_closed" on "leases" ("closed_at_ms");`);

    this.addSql(`create table "ledger_entries" ("tx_id" bytea not null, "line" int not null, "account_id" varchar(32) not null, "user_id" int not null, "amount_nanos" bigint not null, primary key ("tx_id", "line"));`);
    this.addSql(`create index "ledger_entries_user" on "ledger_entries" ("user_id", "tx_id");`);

    this.addSql(`create table "ledger_tx" ("tx_id" bytea not null, "kind" varchar(16) not null, "idem_key" varchar(80) null, "user_id" int not null, "batch_id" bytea null, "created_at_ms" bigint not null, "actor_id" int not null, "remark" varchar(255) not null, primary key ("tx_id"));`);
    this.addSql(`alter table "ledger_tx" add constraint "ledger_tx_idem_key_unique" unique ("idem_key");`);

    this.addSql(`create table "options" ("option_key" varchar(64) not null, "value" text not null, "revision" int not null, "changed_at" bigint not null, "actor_id" int not null, primary key ("option_key"));`);

    this.addSql(`create table "price_versions" ("version" int not null, "effective_at_ms" bigint not null, "payload" text not null, primary key ("version"));`);

    this.addSql(`create table "upstream_attempts" ("request_id" bytea not null, "attempt" int not null, "channel_id" int not null, "status" smallint not null, "reason" varchar(64) not null, "elapsed_ms" bigint not null, primary key ("request_id", "attempt"));`);

    this.addSql(`create table "usage_day" ("user_id" int not null, "at_seconds" int not null, "key_id" int not null, "model" varchar(160) not null, "channel_id" int not null, "requests" bigint not null, "errors" bigint not null, "cost_nanos" bigint not null, "prompt_tokens" bigint not null, "completion_tokens" bigint not null, "cached_tokens" bigint not null, primary key ("user_id", "at_seconds", "key_id", "model", "channel_id"));`);
    this.addSql(`create index "usage_day_at" on "usage_day" ("at_seconds");`);

    this.addSql(`create table "usage_hour" ("user_id" int not null, "at_seconds" int not null, "key_id" int not null, "model" varchar(160) not null, "channel_id" int not null, "requests" bigint not null, "errors" bigint not null, "cost_nanos" bigint not null, "prompt_tokens" bigint not null, "completion_tokens" bigint not null, "cached_tokens" bigint not null, primary key ("user_id", "at_seconds", "key_id", "model", "channel_id"));`);
    this.addSql(`create index "usage_hour_at" on "usage_hour" ("at_seconds");`);

    this.addSql(`create table "usage_log" ("request_id" bytea not null, "created_at_ms" bigint not null, "batch_id" bytea not null, "user_id" int not null, "key_id" int not null, "username" varchar(64) not null, "key_name" varchar(64) not null, "user_group" varchar(64) not null, "model" varchar(160) not null, "priced_model" varchar(160) not null, "channel_id" int not null, "channel_type" int not null, "price_version" int not null, "multiplier_ppm" bigint not null, "cost_nanos" bigint not null, "input_tokens" bigint not null, "cache_read_tokens" bigint not null, "cache_write_5m_tokens" bigint not null, "cache_write_1h_tokens" bigint not null, "output_tokens" bigint not null, "reasoning_tokens" bigint not null, "audio_input_tokens" bigint not null, "audio_output_tokens" bigint not null, "image_input_tokens" bigint not null, "image_output_tokens" bigint not null, "calls" bigint not null, "images" bigint not null, "milliseconds" bigint not null, "characters" bigint not null, "prompt_tokens" bigint not null, "completion_tokens" bigint not null, "basis" smallint not null, "status" smallint not null, "error_reason" varchar(64) not null, "error_message" varchar(500) not null, "duration_ms" bigint not null, "ttft_ms" bigint not null, "surface" varchar(32) not null, "client_ip" varchar(64) not null, "upstream_id" varchar(128) not null, "flags" smallint not null, primary key ("request_id"));`);
    this.addSql(`create index "usage_log_user" on "usage_log" ("user_id", "request_id");`);

    this.addSql(`create table "users" ("id" serial primary key, "username" varchar(64) not null, "display_name" varchar(64) not null, "role" smallint not null, "status" smallint not null, "email" varchar(255) not null, "email_key" varchar(255) null, "user_group" varchar(64) not null, "password_hash" varchar(255) not null, "access_token_hash" varchar(64) null, "invitation_code" varchar(32) not null, "inviter_id" int not null, "created_at" bigint not null, "session_version" int not null, "root_slot" smallint null);`);
    this.addSql(`alter table "users" add constraint "users_username_unique" unique ("username");`);
    this.addSql(`alter table "users" add constraint "users_email_key_unique" unique ("email_key");`);
    this.addSql(`alter table "users" add constraint "users_access_token_hash_unique" unique ("access_token_hash");`);
    this.addSql(`alter table "users" add constraint "users_invitation_code_unique" unique ("invitation_code");`);
    this.addSql(`alter table "users" add constraint "users_root_slot_unique" unique ("root_slot");`);
    this.addSql(`create index "users_display_name" on "users" ("display_name");`);

    this.addSql(`create table "wallets" ("user_id" int not null, "posted_nanos" bigint not null default 0, "held_nanos" bigint not null default 0, "credit_limit_nanos" bigint not null default 0, "used_nanos" bigint not null default 0, "request_count" bigint not null default 0, "version" bigint not null default 0, primary key ("user_id"));`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "activity_log" cascade;`);
    this.addSql(`drop table if exists "api_keys" cascade;`);
    this.addSql(`drop table if exists "changes" cascade;`);
    this.addSql(`drop table if exists "journals" cascade;`);
    this.addSql(`drop table if exists "key_caps" cascade;`);
    this.addSql(`drop table if exists "leases" cascade;`);
    this.addSql(`drop table if exists "ledger_entries" cascade;`);
    this.addSql(`drop table if exists "ledger_tx" cascade;`);
    this.addSql(`drop table if exists "options" cascade;`);
    this.addSql(`drop table if exists "price_versions" cascade;`);
    this.addSql(`drop table if exists "upstream_attempts" cascade;`);
    this.addSql(`drop table if exists "usage_day" cascade;`);
    this.addSql(`drop table if exists "usage_hour" cascade;`);
    this.addSql(`drop table if exists "usage_log" cascade;`);
    this.addSql(`drop table if exists "users" cascade;`);
    this.addSql(`drop table if exists "wallets" cascade;`);
  }

}
