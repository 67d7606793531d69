import { isIPv4, isIPv6 } from "node:net";
import { fault } from "./faults.ts";

const subnetsMax = 64;
const ipv4Bits = 32;
const ipv6Bits = 128;

/** Allowed client networks, trimmed and checked. Throws KEY_SUBNETS_INVALID and names the first wrong one. */
export function checkSubnets(subnets: readonly string[]): readonly string[] {
  const trimmed = subnets.map((subnet) => subnet.trim()).filter((subnet) => subnet !== "");
  if (trimmed.length > subnetsMax) {
    throw fault("KEY_SUBNETS_INVALID");
  }
  const wrong = trimmed.find((subnet) => !isSubnet(subnet));
  if (wrong !== undefined) {
    throw fault("KEY_SUBNETS_INVALID", { metadata: { subnet: wrong.slice(0, 64) } });
  }
  return trimmed;
}

function isSubnet(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  if (prefix === undefined || rest.length > 0 || !/^(?:0|[1-9]\d{0,2})$/u.test(prefix)) {
    return false;
  }
  const bits = Number(prefix);
  if (isIPv4(address)) {
    return bits <= ipv4Bits;
  }
  // A zone ("%eth0") names a link of one machine and means nothing in a rule.
  return isIPv6(address) && !address.includes("%") && bits <= ipv6Bits;
}
