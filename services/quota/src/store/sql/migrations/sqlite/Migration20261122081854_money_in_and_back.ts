import { Migration } from '@mikro-orm/migrations';

export class Migration20261122081854_money_in_and_back extends Migration {

  override name = 'Migration20261122081854_money_in_and_back';

  override up(): void | Promise<void> {
    this.addSql(`create table \`payment_events\` (\`provider\` text not null, \`event_id\` text not null, \`payment_id\` text not null, \`seq\` integer not null, \`user_id\` integer not null, \`amount_nanos\` integer not null, \`received_at_ms\` integer not null, primary key (\`provider\`, \`event_id\`));`);
    this.addSql(`create unique index \`payment_events_payment\` on \`payment_events\` (\`provider\`, \`payment_id\`, \`seq\`);`);

    this.addSql(`create table \`redemption_codes\` (\`id\` integer not null primary key autoincrement, \`batch_id\` blob not null, \`creator_id\` integer not null, \`name\` text not null, \`code_hash\` text not null, \`code_sealed\` text not null, \`status\` integer not null, \`amount_nanos\` integer not null, \`credit_seconds\` integer not null, \`created_at\` integer not null, \`expires_at\` integer not null, \`redeemed_at\` integer not null default 0, \`redeemer_id\` integer not null default 0);`);
    this.addSql(`create unique index \`redemption_codes_code_hash_unique\` on \`redemption_codes\` (\`code_hash\`);`);
    this.addSql(`create index \`redemption_codes_name\` on \`redemption_codes\` (\`name\`);`);
    this.addSql(`create index \`redemption_codes_batch\` on \`redemption_codes\` (\`batch_id\`, \`id\`);`);

    this.addSql(`create table \`refunds\` (\`request_id\` blob not null, \`refund_seq\` integer not null, \`user_id\` integer not null, \`key_id\` integer not null, \`amount_nanos\` integer not null, \`reason\` text not null, \`actor_id\` integer not null, \`created_at_ms\` integer not null, primary key (\`request_id\`, \`refund_seq\`));`);

    this.addSql(`create table \`wallet_buckets\` (\`bucket_id\` blob not null primary key, \`user_id\` integer not null, \`kind\` text not null, \`granted_nanos\` integer not null, \`remaining_nanos\` integer not null, \`used_mark_nanos\` integer not null, \`expired_nanos\` integer not null default 0, \`expires_at_ms\` integer not null, \`created_at_ms\` integer not null, \`closed_at_ms\` integer not null default 0);`);
    this.addSql(`create index \`wallet_buckets_user\` on \`wallet_buckets\` (\`user_id\`, \`closed_at_ms\`);`);
    this.addSql(`create index \`wallet_buckets_expiry\` on \`wallet_buckets\` (\`closed_at_ms\`, \`expires_at_ms\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`payment_events\`;`);
    this.addSql(`drop table if exists \`redemption_codes\`;`);
    this.addSql(`drop table if exists \`refunds\`;`);
    this.addSql(`drop table if exists \`wallet_buckets\`;`);
  }

}
