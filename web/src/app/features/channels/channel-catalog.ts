import { Service, computed, inject, resource, signal } from "@angular/core";
import { Api } from "#core/api/api";
import { Preferences } from "#core/preferences/preferences";
import { type ChannelType, typeLabel } from "./channel";

/**
 * The kinds of channels, the groups and the usual models: what the lists and forms pick from. The
 * last two are asked for only when somebody is about to pick.
 */
@Service()
export class ChannelCatalog {
  readonly #api = inject(Api);
  readonly #language = inject(Preferences).language;
  readonly #types = resource({
    loader: ({ abortSignal }) =>
      this.#api.get<readonly ChannelType[]>("/api/channel/types", {}, abortSignal),
  });
  readonly #groupsWanted = signal(false);
  readonly #groups = resource({
    params: () => this.#groupsWanted() || undefined,
    loader: ({ abortSignal }) => this.#api.get<readonly string[]>("/api/group/", {}, abortSignal),
  });
  readonly #modelsWanted = signal(false);
  readonly #usualModels = resource({
    params: () => this.#modelsWanted() || undefined,
    loader: ({ abortSignal }) =>
      this.#api.get<Readonly<Record<string, readonly string[]>>>("/api/models", {}, abortSignal),
  });

  readonly types = computed(() => (this.#types.hasValue() ? this.#types.value() : []));
  readonly groups = computed(() => (this.#groups.hasValue() ? this.#groups.value() : []));
  readonly groupChoices = computed(() =>
    this.groups().map((group) => ({ value: group, label: group })),
  );
  readonly typeChoices = computed(() =>
    this.types()
      .map((type) => ({ value: String(type.id), label: typeLabel(type, this.#language()) }))
      .sort((a, b) => a.label.localeCompare(b.label)),
  );

  /** Loads the groups unless they are there. */
  prepareGroups(): void {
    this.#groupsWanted.set(true);
  }

  /** Loads the usual models of every kind unless they are there. */
  prepareModels(): void {
    this.#modelsWanted.set(true);
  }

  typeOf(id: number): ChannelType | undefined {
    return this.types().find((type) => type.id === id);
  }

  labelOf(id: number): string {
    const type = this.typeOf(id);
    return type ? typeLabel(type, this.#language()) : `#${id}`;
  }

  usualModels(type: number): readonly string[] {
    return this.#usualModels.hasValue() ? (this.#usualModels.value()[String(type)] ?? []) : [];
  }
}
