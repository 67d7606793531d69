import { createHmac } from "node:crypto";

/** Tells the management API of a payment as a provider does. */
export async function tellPayment(
  adminUrl: string,
  event: Readonly<Record<string, unknown>>,
  secret: string,
): Promise<Response> {
  const body = JSON.stringify(event);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  return fetch(`${adminUrl}/api/payment/webhook/acme`, {
    method: "POST",
    headers: { "x-tollgate-timestamp": timestamp, "x-tollgate-signature": signature },
    body,
    signal: AbortSignal.timeout(10_000),
  });
}
