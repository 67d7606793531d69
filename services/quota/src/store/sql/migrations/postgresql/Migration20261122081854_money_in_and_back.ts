import { Migration } from '@mikro-orm/migrations';

export class Migration20261122081854_money_in_and_back extends Migration {

  override name = 'Migration20261122081854_money_in_and_back';

  override up(): void | Promise<void> {
    this.addSql(`create table "payment_events" ("provider" varchar(32) not null, "event_id" varchar(128) not null, "payment_id" varchar(128) not null, "seq" int not null, "user_id" int not null, "amount_nanos" bigint not null, "received_at_ms" bigint not null, primary key ("provider", "event_id"));`);
    this.addSql(`alter table "payment_events" add constraint "payment_events_payment" unique ("provider", "payment_id", "seq");`);

    this.addSql(`create table "redemption_codes" ("id" serial primary key, "batch_id" bytea not null, "creator_id" int not null, "name" varchar(64) not null, "code_hash" varchar(64) not null, "code_sealed" varchar(255) not null, "status" smallint not null, "amount_nanos" bigint not null, "credit_seconds" bigint not null, "created_at" bigint not null, "expires_at" bigint not null, "redeemed_at" bigint not null default 0, "redeemer_id" int not null default 0);`);
    this.addSql(`alter table "redemption_codes" add constraint "redemption_codes_code_hash_unique" unique ("code_hash");`);
    this.addSql(`create index "redemption_codes_name" on "redemption_codes" ("name");`);
    this.addSql(`create index "redemption_codes_batch" on "redemption_codes" ("batch_id", "id");`);

    this.addSql(`create table "refunds" ("request_id" bytea not null, "refund_seq" int not null, "user_id" int not null, "key_id" int not null, "amount_nanos" bigint not null, "reason" varchar(255) not null, "actor_id" int not null, "created_at_ms" bigint not null, primary key ("request_id", "refund_seq"));`);

    this.addSql(`create table "wallet_buckets" ("bucket_id" bytea not null, "user_id" int not null, "kind" varchar(16) not null, "granted_nanos" bigint not null, "remaining_nanos" bigint not null, "used_mark_nanos" bigint not null, "expired_nanos" bigint not null default 0, "expires_at_ms" bigint not null, "created_at_ms" bigint not null, "closed_at_ms" bigint not null default 0, primary key ("bucket_id"));`);
    this.addSql(`create index "wallet_buckets_user" on "wallet_buckets" ("user_id", "closed_at_ms");`);
    this.addSql(`create index "wallet_buckets_expiry" on "wallet_buckets" ("closed_at_ms", "expires_at_ms");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "payment_events" cascade;`);
    this.addSql(`drop table if exists "redemption_codes" cascade;`);
    this.addSql(`drop table if exists "refunds" cascade;`);
    this.addSql(`drop table if exists "wallet_buckets" cascade;`);
  }

}
