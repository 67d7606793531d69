import type { ChannelOptions } from "@grpc/grpc-js";
import { registerHostListResolver } from "./host-list-resolver.ts";

/** The largest message accepted and sent, in bytes, on every channel and server. */
export const messageBytesMax = 16 * 1024 * 1024;

/** What every channel of ours has in common. */
export const channelOptions: ChannelOptions = Object.freeze({
  "grpc.keepalive_time_ms": 20_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  "grpc.initial_reconnect_backoff_ms": 200,
  "grpc.max_reconnect_backoff_ms": 5000,
  "grpc.max_receive_message_length": messageBytesMax,
  "grpc.max_send_message_length": messageBytesMax,
  "grpc.enable_retries": 1,
  "grpc.service_config_disable_resolution": 1,
  // Names of services inside a cluster never go through a proxy.
  "grpc.enable_http_proxy": 0,
  "grpc.service_config": JSON.stringify({
    loadBalancingConfig: [{ round_robin: {} }],
    methodConfig: [
      {
        name: [{}],
        retryPolicy: {
          maxAttempts: 3,
          initialBackoff: "0.05s",
          maxBackoff: "1s",
          backoffMultiplier: 3,
          retryableStatusCodes: ["UNAVAILABLE"],
        },
      },
    ],
  }),
});

/** The channel's address for "host:port[,host:port]". Throws a `RangeError` for anything else. */
export function channelTarget(target: string): string {
  const hosts = target.split(",").map((host) => host.trim());
  for (const host of hosts) {
    if (!/^(?:\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}$/iu.test(host)) {
      throw new RangeError(`"${host}" is not host:port`);
    }
  }
  registerHostListResolver();
  return `hosts:${hosts.join(",")}`;
}
