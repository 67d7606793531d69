import { Component, signal } from "@angular/core";
import { type ComponentFixture, TestBed } from "@angular/core/testing";
import { provideTransloco } from "@jsverse/transloco";
import { Field } from "./field";

@Component({
  imports: [Field],
  template: `<tg-field label="Name" [help]="help()" [problem]="problem()">
      @if (there()) {
        <input />
      }
    </tg-field>
    <tg-field label="Group" help="Decides the price."><select></select></tg-field>`,
})
class Host {
  readonly help = signal("Shown in lists.");
  readonly problem = signal("");
  readonly there = signal(true);
}

async function open(): Promise<ComponentFixture<Host>> {
  // No words are loaded: every text shows as its key.
  const config = { availableLangs: ["en"], missingHandler: { logMissingKey: false } };
  TestBed.configureTestingModule({ providers: [provideTransloco({ config })] });
  const fixture = TestBed.createComponent(Host);
  await fixture.whenStable();
  return fixture;
}

/** What a screen reader reads after the name of a control. */
function descriptionOf(fixture: ComponentFixture<Host>, selector: string): string | undefined {
  const host: HTMLElement = fixture.nativeElement;
  const id = host.querySelector(selector)?.getAttribute("aria-describedby");
  return id ? host.querySelector(`[id="${id}"]`)?.textContent.trim() : undefined;
}

describe("a form field", () => {
  it("describes its control by its own help text, which is no part of its name", async () => {
    const fixture = await open();
    expect(descriptionOf(fixture, "input")).toBe("Shown in lists.");
    expect(descriptionOf(fixture, "select")).toBe("Decides the price.");
    const host: HTMLElement = fixture.nativeElement;
    expect(host.querySelector("label")?.textContent.trim()).toBe("Name");
  });

  it("describes it by the error instead while there is one, and by nothing without either", async () => {
    const fixture = await open();
    fixture.componentInstance.problem.set("Too long.");
    await fixture.whenStable();
    expect(descriptionOf(fixture, "input")).toBe("Too long.");
    fixture.componentInstance.problem.set("");
    fixture.componentInstance.help.set("");
    await fixture.whenStable();
    const host: HTMLElement = fixture.nativeElement;
    expect(host.querySelector("input")?.hasAttribute("aria-describedby")).toBe(false);
  });

  it("describes a control that comes later", async () => {
    const fixture = await open();
    fixture.componentInstance.there.set(false);
    await fixture.whenStable();
    fixture.componentInstance.there.set(true);
    await fixture.whenStable();
    expect(descriptionOf(fixture, "input")).toBe("Shown in lists.");
  });
});
