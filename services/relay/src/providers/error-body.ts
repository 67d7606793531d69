import { isJsonObject, objectOr, parseJson, textOr } from "#conversation/json-value.ts";
import type { JsonObject } from "#conversation/json-value.ts";

/** What an upstream's error body says, in whichever of the known shapes; "" = it does not say. */
export interface ErrorBody {
  /** The body is JSON at all. */
  readonly isJson: boolean;
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly param: string;
}

/** Reads the text of an error answer. */
export function readErrorBody(text: string): ErrorBody {
  return readErrorValue(parseJson(text.trim()));
}

/** The same for a body that is parsed already. */
export function readErrorValue(value: unknown): ErrorBody {
  const body: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof body === "string") {
    return { ...SILENT, isJson: true, message: body };
  }
  if (!isJsonObject(body)) {
    return { ...SILENT, isJson: body !== undefined };
  }
  const error = body["error"];
  const details = isJsonObject(error) ? error : body;
  return {
    isJson: true,
    message: messageOf(body),
    type: textOr(details["type"]) || textOr(objectOr(details["metadata"])["error_type"]),
    code: codeOf(details),
    param: textOr(details["param"]),
  };
}

/** True for a body of a 2xx answer that is an error in truth. */
export function saysError(body: JsonObject): boolean {
  const error = body["error"];
  if (isJsonObject(error)) {
    return textOr(error["message"]) !== "" || textOr(error["type"]) !== "" || "code" in error;
  }
  return typeof error === "string" ? error !== "" : minimaxStatusOf(body) !== "";
}

const SILENT: ErrorBody = { isJson: false, message: "", type: "", code: "", param: "" };

/** The places where upstreams put their sentence, in the order of preference. */
const MESSAGE_PATHS: readonly (readonly string[])[] = [
  ["error", "message"],
  ["message"],
  ["msg"],
  ["err"],
  ["error_msg"],
  ["header", "message"],
  ["response", "error", "message"],
  ["Response", "Error", "Message"],
  ["base_resp", "status_msg"],
  ["error"],
  ["detail"],
  ["detail", "0", "msg"],
];

function messageOf(body: JsonObject): string {
  for (const path of MESSAGE_PATHS) {
    let value: unknown = body;
    for (const name of path) {
      value = Array.isArray(value) ? value[Number(name)] : objectOr(value)[name];
    }
    if (typeof value === "string" && value !== "") {
      return value;
    }
  }
  return "";
}

function codeOf(details: JsonObject): string {
  const detailed = objectOr(details["details"])["error_code"];
  for (const code of [detailed, details["code"], details["error_code"]]) {
    if (typeof code === "string" && code !== "") {
      return code;
    }
    if (typeof code === "number") {
      return String(code);
    }
  }
  return minimaxStatusOf(details);
}

/** MiniMax answers 200 with its status inside; 0 is success. */
function minimaxStatusOf(body: JsonObject): string {
  const status = objectOr(body["base_resp"])["status_code"];
  return typeof status === "number" && status !== 0 ? String(status) : "";
}
