import { play } from "./harness/play.ts";
import { startStandalone } from "./harness/standalone.ts";
import { admissionSuite } from "./suites/admission-suite.ts";
import { crashSuite } from "./suites/crash-suite.ts";
import { faultsSuite } from "./suites/faults-suite.ts";
import { longStreamsSuite } from "./suites/long-streams-suite.ts";
import { managementSuite } from "./suites/management-suite.ts";
import { moneySuite } from "./suites/money-suite.ts";
import { paymentSuite } from "./suites/payment-suite.ts";
import { relaySuite } from "./suites/relay-suite.ts";
import { reportSuite } from "./suites/report-suite.ts";
import { revocationSuite } from "./suites/revocation-suite.ts";
import { thinMoneySuite } from "./suites/thin-money-suite.ts";

play("standalone", startStandalone, [
  relaySuite,
  admissionSuite,
  revocationSuite,
  faultsSuite,
  longStreamsSuite,
  managementSuite,
  moneySuite,
  thinMoneySuite,
  paymentSuite,
  reportSuite,
  crashSuite,
]);
