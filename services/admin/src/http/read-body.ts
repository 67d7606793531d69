/** Reads bodies and queries the way One API does, so that its clients need not change. */
import type { Api } from "./api.ts";

const blankTexts: ReadonlySet<unknown> = new Set(["", "NaN", "undefined", "null"]);

/**
 * Bodies are JSON whatever their content type says; no body at all is fine where the route needs none. A field that is null
 * and a query parameter that is blank count as absent.
 */
export function registerBodyReader(api: Api): void {
  const parse = api.getDefaultJsonParser("error", "error");
  api.removeAllContentTypeParsers();
  api.addContentTypeParser("*", { parseAs: "string" }, (request, body, done) => {
    const text = body.toString();
    if (text.trim() === "") {
      done(null, undefined);
      return;
    }
    void parse(request, text, done);
  });
  api.addHook("preValidation", async (request) => {
    dropFields(request.body, (value) => value === null);
    dropFields(request.query, (value) => blankTexts.has(value));
  });
}

function dropFields(fields: unknown, isAbsent: (value: unknown) => boolean): void {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return;
  }
  for (const [name, value] of Object.entries(fields)) {
    if (isAbsent(value)) {
      Reflect.deleteProperty(fields, name);
    }
  }
}
