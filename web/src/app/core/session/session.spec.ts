import { TestBed } from "@angular/core/testing";
import { Router } from "@angular/router";
import { Api } from "#core/api/api";
import { Session } from "./session";

describe("Session", () => {
  it("asks once who is signed in when a visit begins on a page that wants fresh figures", async () => {
    const asked: string[] = [];
    const api = {
      onSignedOut: () => undefined,
      get: (path: string) => {
        asked.push(path);
        return Promise.resolve({ id: 1, username: "root", display_name: "Root", role: 100 });
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: Api, useValue: api },
        { provide: Router, useValue: {} },
      ],
    });
    const session = TestBed.inject(Session);
    await Promise.all([session.restore(), session.freshen()]);
    await session.freshen();
    expect(asked).toEqual(["/api/user/self"]);
    await session.restore();
    expect(asked).toHaveLength(2);
  });
});
