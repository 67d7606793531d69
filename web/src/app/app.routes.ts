import type { Routes } from "@angular/router";
import { allWords } from "#core/i18n/all-words";
import { setupDone, signedIn } from "#core/session/session-guard";

/** Titles are translation keys; see PageTitle. */
export const routes: Routes = [
  {
    path: "setup",
    canActivate: [allWords],
    title: "setup.title",
    loadComponent: () => import("./features/setup/setup-page/setup-page").then((m) => m.SetupPage),
  },
  {
    path: "",
    canActivate: [setupDone],
    children: [
      {
        path: "login",
        title: "login.title",
        loadComponent: () =>
          import("./features/sign-in/login-page/login-page").then((m) => m.LoginPage),
      },
      {
        path: "register",
        title: "register.title",
        loadComponent: () =>
          import("./features/sign-in/register-page/register-page").then((m) => m.RegisterPage),
      },
      {
        path: "",
        canActivate: [signedIn, allWords],
        loadChildren: () => import("./shell/shell.routes").then((m) => m.shellRoutes),
      },
    ],
  },
];
