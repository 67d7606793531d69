import { Component } from "@angular/core";
import { TestBed } from "@angular/core/testing";
import { provideRouter } from "@angular/router";
import { RouterTestingHarness } from "@angular/router/testing";
import { Api, type Page } from "#core/api/api";
import { type List, injectList } from "./list";

interface Row {
  readonly id: number;
}

let asked: Record<string, unknown>[] = [];

const api = {
  page: (_path: string, query: Record<string, unknown>): Promise<Page<Row>> => {
    asked.push(query);
    return Promise.resolve({ items: [{ id: asked.length }], total: 120 });
  },
};

@Component({ template: "" })
class Host {
  readonly list: List<Row> = injectList<Row>({
    table: "rows",
    path: "/api/row/",
    sort: "id",
    filters: ["status", "range"],
    scope: ["range"],
  });
}

async function open(url: string): Promise<List<Row>> {
  asked = [];
  localStorage.clear();
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: "rows", component: Host }]),
      { provide: Api, useValue: api },
    ],
  });
  const harness = await RouterTestingHarness.create();
  const host = await harness.navigateByUrl(url, Host);
  await harness.fixture.whenStable();
  return host.list;
}

describe("a list of a page", () => {
  it("asks the server for exactly what the URL says", async () => {
    const list = await open("/rows?page=3&status=2&sort=name&dir=asc");
    expect(asked).toEqual([{ p: 2, page_size: 50, sort: "name", direction: "asc", status: "2" }]);
    expect(list.total()).toBe(120);
  });

  it("does not ask again when a row is opened", async () => {
    const list = await open("/rows");
    list.change({ open: "7" });
    await new Promise((resolve) => setTimeout(resolve));
    expect(list.state().open).toBe("7");
    expect(asked).toHaveLength(1);
  });

  it("builds two changes made in one go upon each other", async () => {
    const list = await open("/rows");
    list.change({ keyword: "eu" });
    list.setFilter("status", "3");
    await new Promise((resolve) => setTimeout(resolve));
    expect(list.state()).toMatchObject({ filters: { status: "3" } });
  });

  it("clears filters but keeps the scene", async () => {
    const list = await open("/rows?range=7d&status=2");
    expect(list.filtered()).toBe(true);
    list.clearFilters();
    await new Promise((resolve) => setTimeout(resolve));
    expect(list.state().filters).toEqual({ range: "7d" });
    expect(list.filtered()).toBe(false);
  });
});
