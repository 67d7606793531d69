import { Migration } from '@mikro-orm/migrations';

export class Migration20261122081854_money_in_and_back extends Migration {

  override name = 'Migration20261122081854_money_in_and_back';

  override up(): void | Promise<void> {
    this.addSql(`create table \`payment_events\` (\`provider\` varchar(32) not null, \`event_id\` varchar(128) not null, \`payment_id\` varchar(128) not null, \`seq\` int not null, \`user_id\` int not null, \`amount_nanos\` bigint not null, \`received_at_ms\` bigint not null, primary key (\`provider\`, \`event_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`payment_events\` add unique \`payment_events_payment\` (\`provider\`, \`payment_id\`, \`seq\`);`);

    this.addSql(`create table \`redemption_codes\` (\`id\` int unsigned not null auto_increment primary key, \`batch_id\` binary(16) not null, \`creator_id\` int not null, \`name\` varchar(64) not null, \`code_hash\` varchar(64) not null, \`code_sealed\` varchar(255) not null, \`status\` smallint not null, \`amount_nanos\` bigint not null, \`credit_seconds\` bigint not null, \`created_at\` bigint not null, \`expires_at\` bigint not null, \`redeemed_at\` bigint not null default 0, \`redeemer_id\` int not null default 0) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`redemption_codes\` add unique \`redemption_codes_code_hash_unique\` (\`code_hash\`);`);
    this.addSql(`alter table \`redemption_codes\` add index \`redemption_codes_name\` (\`name\`);`);
    this.addSql(`alter table \`redemption_codes\` add index \`redemption_codes_batch\` (\`batch_id\`, \`id\`);`);

    this.addSql(`create table \`refunds\` (\`request_id\` binary(16) not null, \`refund_seq\` int unsigned not null, \`user_id\` int not null, \`key_id\` int not null, \`amount_nanos\` bigint not null, \`reason\` varchar(255) not null, \`actor_id\` int not null, \`created_at_ms\` bigint not null, primary key (\`request_id\`, \`refund_seq\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);

    this.addSql(`create table \`wallet_buckets\` (\`bucket_id\` binary(16) not null, \`user_id\` int not null, \`kind\` varchar(16) not null, \`granted_nanos\` bigint not null, \`remaining_nanos\` bigint not null, \`used_mark_nanos\` bigint not null, \`expired_nanos\` bigint not null default 0, \`expires_at_ms\` bigint not null, \`created_at_ms\` bigint not null, \`closed_at_ms\` bigint not null default 0, primary key (\`bucket_id\`)) default character set utf8mb4 collate utf8mb4_bin engine = InnoDB;`);
    this.addSql(`alter table \`wallet_buckets\` add index \`wallet_buckets_user\` (\`user_id\`, \`closed_at_ms\`);`);
    this.addSql(`alter table \`wallet_buckets\` add index \`wallet_buckets_expiry\` (\`closed_at_ms\`, \`expires_at_ms\`);`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists \`payment_events\`;`);
    this.addSql(`drop table if exists \`redemption_codes\`;`);
    this.addSql(`drop table if exists \`refunds\`;`);
    this.addSql(`drop table if exists \`wallet_buckets\`;`);
  }

}
