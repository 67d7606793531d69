import { inject } from "@angular/core";
import { type CanActivateFn, type CanMatchFn, Router } from "@angular/router";
import { ServerStatus } from "./server-status";
import { Session } from "./session";

/** Everything waits for the first-run set-up, and the set-up is over once it is done. */
export const setupDone: CanActivateFn = (_route, state) => {
  const required = inject(ServerStatus).setupRequired();
  const router = inject(Router);
  const atSetup = state.url.startsWith("/setup");
  if (required && !atSetup) return router.parseUrl("/setup");
  return true;
};

export const signedIn: CanActivateFn = (_route, state) => {
  const router = inject(Router);
  if (inject(Session).viewer()) return true;
  return router.createUrlTree(["/login"], { queryParams: { next: state.url } });
};

export const adminOnly: CanMatchFn = () => {
  const session = inject(Session);
  return session.viewer() === undefined || session.isAdmin();
};

export const rootOnly: CanMatchFn = () => {
  const session = inject(Session);
  return session.viewer() === undefined || session.isRoot();
};
