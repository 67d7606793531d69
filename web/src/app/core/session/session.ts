import { Service, computed, inject, signal } from "@angular/core";
import { Router } from "@angular/router";
import { Api } from "#core/api/api";
import { Fault } from "#core/api/fault";

export const ROLE_ADMIN = 10;
export const ROLE_ROOT = 100;

/** An answer of this age still holds. */
const FRESH_MS = 2_000;

/** The signed-in user; the answer of `GET /api/user/self`. */
export interface Viewer {
  readonly id: number;
  readonly username: string;
  readonly display_name: string;
  readonly role: number;
  readonly email?: string;
  readonly group?: string;
  readonly quota?: number;
  readonly used_quota?: number;
  readonly request_count?: number;
}

/** Says that this browser signed in; the cookie itself is out of a script's sight. */
const HINT_KEY = "tollgate.signedIn";

/** Who is signed in at this browser. The server enforces; the portal only hides. */
@Service()
export class Session {
  readonly #api = inject(Api);
  readonly #router = inject(Router);
  readonly viewer = signal<Viewer | undefined>(undefined);
  readonly isAdmin = computed(() => (this.viewer()?.role ?? 0) >= ROLE_ADMIN);
  readonly isRoot = computed(() => (this.viewer()?.role ?? 0) >= ROLE_ROOT);

  #askedAt = 0;

  constructor() {
    this.#api.onSignedOut(() => this.#expire());
  }

  /** Goes on with an earlier visit. Who never signed in here is not asked for: browsers report a refusal as an error. */
  async resume(): Promise<void> {
    if (mayBeSignedIn()) await this.restore();
  }

  /** Asks again for what changes with every call, such as the balance, unless that was done just now. */
  async freshen(): Promise<void> {
    if (Date.now() - this.#askedAt > FRESH_MS) await this.restore();
  }

  /** Finds out whether the browser's cookie still names a user. */
  async restore(): Promise<void> {
    this.#askedAt = Date.now();
    try {
      this.viewer.set(await this.#api.get<Viewer>("/api/user/self"));
      rememberSignIn(true);
    } catch (error) {
      // Nobody signed in is an ordinary answer; anything else must be seen.
      if (!(error instanceof Fault) || error.status === 0 || error.status >= 500) throw error;
      rememberSignIn(false);
    }
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.#api.post("/api/user/login", { username, password });
    await this.restore();
  }

  async signOut(): Promise<void> {
    await this.#api.get("/api/user/logout");
    this.viewer.set(undefined);
    rememberSignIn(false);
    await this.#router.navigateByUrl("/login");
  }

  #expire(): void {
    if (!this.viewer()) return;
    const next = this.#router.url;
    this.viewer.set(undefined);
    void this.#router.navigate(["/login"], { queryParams: { next, expired: "true" } });
  }
}

/** False when nobody ever signed in at this browser. */
export function mayBeSignedIn(): boolean {
  try {
    return localStorage.getItem(HINT_KEY) !== null;
  } catch {
    // A browser that forbids storage cannot tell, so the server is asked.
    return true;
  }
}

function rememberSignIn(isSignedIn: boolean): void {
  try {
    if (isSignedIn) localStorage.setItem(HINT_KEY, "true");
    else localStorage.removeItem(HINT_KEY);
  } catch {
    // A browser that forbids storage still gets a working page.
    return;
  }
}
