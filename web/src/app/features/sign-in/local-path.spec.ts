import { localPath } from "./local-path";

describe("localPath", () => {
  it("keeps a path of this portal with its query", () => {
    expect(localPath("/admin/channels?status=3")).toBe("/admin/channels?status=3");
  });

  it("never leads to another site", () => {
    for (const next of ["https://evil.example", "//evil.example", "/\\evil.example", undefined]) {
      expect(localPath(next)).toBe("/console");
    }
  });
});
