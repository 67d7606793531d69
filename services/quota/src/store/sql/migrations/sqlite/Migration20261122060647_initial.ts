import { Migration } from '@mikro-orm/migrations';

export class Migration20261122060647_initial extends Migration {

  override name = 'Migration20261122060647_initial';

  override up(): void | Promise<void> {
    this.addSql(`create table \`activity_log\` (\`id\` blob not null primary key, \`kind\` integer not null, \`user_id\` integer not null, \`username\` text not null, \`content\` text not null, \`channel_id\` integer not null, \`model\` text not null, \`duration_ms\` integer not null);`);
    this.addSql(`create index \`activity_log_user\` on \`activity_log\` (\`user_id\`, \`id\`);`);

    this.addSql(`create table \`api_keys\` (\`id\` integer not null primary key autoincrement, \`user_id\` integer not null, \`name\` text not null, \`status\` integer not null, \`secret_hash\` text not null, \`secret_sealed\` text not null, \`hint\` text not null, \`created_at\` integer not null, \`expires_at\` integer not null, \`models\` text not null, \`subnets\` text not null);`);
    this.addSql(`create unique index \`api_keys_secret_hash_unique\` on \`api_keys\` (\`secret_hash\`);`);
    this.addSql(`create index \`api_keys_user\` on \`api_keys\` (\`user_id\`, \`id\`);`);

    this.addSql(`create table \`changes\` (\`id\` integer not null primary key autoincrement, \`created_at_ms\` integer not null, \`payload\` text not null);`);
    this.addSql(`create index \`changes_created\` on \`changes\` (\`created_at_ms\`);`);

    this.addSql(`create table \`journals\` (\`journal_id\` blob not null primary key, \`epoch\` integer not null, \`hwm\` integer not null default 0, \`node_name\` text not null, \`build\` text not null, \`created_at_ms\` integer not null, \`last_seen_ms\` integer not null);`);

    this.addSql(`create table \`key_caps\` (\`key_id\` integer not null primary key, \`user_id\` integer not null, \`is_capped\` integer not null, \`cap_nanos\` integer not null default 0, \`used_nanos\` integer not null default 0, \`held_nanos\` integer not null default 0, \`accessed_at\` integer not null default 0, \`is_closed\` integer not null);`);

    this.addSql(`create table \`leases\` (\`journal_id\` blob not null, \`epoch\` integer not null, \`lease_no\` integer not null, \`user_id\` integer not null, \`key_id\` integer not null, \`granted_nanos\` integer not null, \`settled_nanos\` integer not null default 0, \`returned_nanos\` integer not null default 0, \`state\` integer not null, \`reason\` integer not null, \`created_at_ms\` integer not null, \`closed_at_ms\` integer not null default 0, primary key (\`journal_id\`, \`epoch\`, \`lease_no\`));`);
    this.addSql(`create index \`leases_user_state\` on \`leases\` (\`user_id\`, \`state\`);`);
    this.addSql(`create index \`leases_journal_state\` on \`leases\` (\`journal_id\`, \`state\`);`);
    this.addSql(`create index \`leases_closed\` on \`leases\` (\`closed_at_ms\`);`);

    this.addSql(`create table \`ledger_entries\` (\`tx_id\` blob not null, \`line\` integer not null, \`account_id\` text not null, \`user_id\` integer not null, \`amount_nanos\` integer not null, primary key (\`tx_id\`, \`line\`));`);
    this.addSql(`create index \`ledger_entries_user\` on \`ledger_entries\` (\`user_id\`, \`tx_id\`);`);

    this.addSql(`create table \`ledger_tx\` (\`tx_id\` blob not null primary key, \`kind\` text not null, \`idem_key\` text null, \`user_id\` integer not null, \`batch_id\` blob null, \`created_at_ms\` integer not null, \`actor_id\` integer not null, \`remark\` text not null);`);
    this.addSql(`create unique index \`ledger_tx_idem_key_unique\` on \`ledger_tx\` (\`idem_key\`);`);

    this.addSql(`create table \`options\` (\`option_key\` text not null primary key, \`value\` text not null, \`revision\` integer not null, \`changed_at\` integer not null, \`actor_id\` integer not null);`);

    this.addSql(`create table \`price_versions\` (\`version\` integer not null primary key, \`effective_at_ms\` integer not null, \`payload\` text not null);`);

    this.addSql(`create table \`upstream_attempts\` (\`request_id\` blob not null, \`attempt\` integer not null, \`channel_id\` integer not null, \`status\` integer not null, \`reason\` text not null, \`elapsed_ms\` integer not null, primary key (\`request_id\`, \`attempt\`));`);

    this.addSql(`create table \`usage_day\` (\`user_id\` integer not null, \`at_seconds\` integer not null, \`key_id\` integer not null, \`model\` text not null, \`channel_id\` integer not null, \`requests\` integer not null, \`errors\` integer not null, \`cost_nanos\` integer not null, \`prompt_tokens\` integer not null, \`completion_tokens\` integer not null, \`cached_tokens\` integer not null, primary key (\`user_id\`, \`at_seconds\`, \`key_id\`, \`model\`, \`channel_id\`));`);
    this.addSql(`create index \`usage_day_at\` on \`usage_day\` (\`at_seconds\`);`);

    this.addSql(`create table \`usage_hour\` (\`user_id\` integer not null, \`at_seconds\` integer not null, \`key_id\` integer not null, \`model\` text not null, \`channel_id\` integer not null, \`requests\` integer not null, \`errors\` integer not null, \`cost_nanos\` integer not null, \`prompt_tokens\` integer not null, \`completion_tokens\` integer not null, \`cached_tokens\` integer not null, primary key (\`user_id\`, \`at_seconds\`, \`key_id\`, \`model\`, \`channel_id\`));`);
    this.addSql(`create index \`usage_hour_at\` on \`usage_hour\` (\`at_seconds\`);`);

    this.addSql(`create table \`usage_log\` (\`request_id\` blob not null primary key, \`created_at_ms\` integer not null, \`batch_id\` blob not null, \`user_id\` integer not null, \`key_id\` integer not null, \`username\` text not null, \`key_name\` text not null, \`user_group\` text not null, \`model\` text not null, \`priced_model\` text not null, \`channel_id\` integer not null, \`channel_type\` integer not null, \`price_version\` integer not null, \`multiplier_ppm\` integer not null, \`cost_nanos\` integer not null, \`input_tokens\` integer not null, \`cache_read_tokens\` integer not null, \`cache_write_5m_tokens\` integer not null, \`cache_write_1h_tokens\` integer not null, \`output_tokens\` integer not null, \`reasoning_tokens\` integer not null, \`audio_input_tokens\` integer not null, \`audio_output_tokens\` integer not null, \`image_input_tokens\` integer not null, \`image_output_tokens\` integer not null, \`calls\` integer not null, \`images\` integer not null, \`milliseconds\` integer not null, \`characters\` integer not null, \`prompt_tokens\` integer not null, \`completion_tokens\` integer not null, \`basis\` integer not null, \`status\` integer not null, \`error_reason\` text not null, \`error_message\` text not null, \`duration_ms\` integer not null, \`ttft_ms\` integer not null, \`surface\` text not null, \`client_ip\` text not null, \`upstream_id\` text not null, \`flags\` integer not null);`);
    this.addSql(`create index \`usage_log_user\` on \`usage_log\` (\`user_id\`, \`request_id\`);`);

    this.addSql(`create table \`users\` (\`id\` integer not null primary key autoincrement, \`username\` text not null, \`display_name\` text not null, \`role\` integer not null, \`status\` integer not null, \`email\` text not null, \`email_key\` text null, \`user_group\` text not null, \`password_hash\` text not null, \`access_token_hash\` text null, \`invitation_code\` text not null, \`inviter_id\` integer not null, \`created_at\` integer not null, \`session_version\` integer not null, \`root_slot\` integer null);`);
    this.addSql(`create unique index \`users_username_unique\` on \`users\` (\`username\`);`);
    this.addSql(`create unique index \`users_email_key_unique\` on \`users\` (\`email_key\`);`);
    this.addSql(`create unique index \`users_access_token_hash_unique\` on \`users\` (\`access_token_hash\`);`);
    this.addSql(`create unique index \`users_invitation_code_unique\` on \`users\` (\`invitation_code\`);`);
    this.addSql(`create unique index \`users_root_slot_unique\` on \`users\` (\`root_slot\`);`);
    this.addSql(`create index \`users_display_name\` on \`users\` (\`display_name\`);`);

    this.addSql(`create table \`wallets\` (\`user_id\` integer not null primary key, \`posted_nanos\` integer not null default 0, \`held_nanos\` integer not null default 0, \`credit_limit_nanos\` integer not null default 0, \`used_nanos\` integer not null default 0, \`request_count\` integer not null default 0, \`version\` integer not null default 0);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`activity_log\`;`);
    this.addSql(`drop table if exists \`api_keys\`;`);
    this.addSql(`drop table if exists \`changes\`;`);
    this.addSql(`drop table if exists \`journals\`;`);
    this.addSql(`drop table if exists \`key_caps\`;`);
    this.addSql(`drop table if exists \`leases\`;`);
    this.addSql(`drop table if exists \`ledger_entries\`;`);
    this.addSql(`drop table if exists \`ledger_tx\`;`);
    this.addSql(`drop table if exists \`options\`;`);
    this.addSql(`drop table if exists \`price_versions\`;`);
    this.addSql(`drop table if exists \`upstream_attempts\`;`);
    this.addSql(`drop table if exists \`usage_day\`;`);
    this.addSql(`drop table if exists \`usage_hour\`;`);
    this.addSql(`drop table if exists \`usage_log\`;`);
    this.addSql(`drop table if exists \`users\`;`);
    this.addSql(`drop table if exists \`wallets\`;`);
  }

}
