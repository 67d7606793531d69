import type { IncomingMessage } from "node:http";
import { BlockList, isIP, isIPv6 } from "node:net";

/** Finds the address of whoever sent a request. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * The socket's address; behind proxies of `trusted` (CIDRs) the nearest address in X-Forwarded-For that is not one of them.
 * Throws a `RangeError` for a text that is no CIDR.
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  if (trusted.length === 0) {
    return (request) => plainAddress(request.socket.remoteAddress ?? "");
  }
  const proxies = new BlockList();
  for (const cidr of trusted) {
    addNetwork(proxies, cidr);
  }
  const isProxy = (address: string): boolean =>
    isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? "ipv6" : "ipv4");
  return (request) => {
    let address = plainAddress(request.socket.remoteAddress ?? "");
    const forwarded = request.headers["x-forwarded-for"];
    const hops = (typeof forwarded === "string" ? forwarded : "").split(",");
    while (isProxy(address)) {
      const hop = hops.pop()?.trim() ?? "";
      if (isIP(hop) === 0) {
        break;
      }
      address = plainAddress(hop);
    }
    return address;
  };
}

function addNetwork(list: BlockList, cidr: string): void {
  const [address = "", prefix] = cidr.trim().split("/");
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  if (isIP(address) === 0) {
    throw new RangeError(`"${cidr}" is not an address or a CIDR`);
  }
  list.addSubnet(
    address,
    prefix === undefined ? (family === "ipv6" ? 128 : 32) : Number(prefix),
    family,
  );
}

function plainAddress(address: string): string {
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
