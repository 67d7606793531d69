import { Component } from "@angular/core";
import { RouterOutlet } from "@angular/router";
import { ToastOutlet } from "#ui/toast/toast-outlet";

@Component({
  selector: "tg-root",
  imports: [RouterOutlet, ToastOutlet],
  template: `<router-outlet /><tg-toast-outlet />`,
})
export class App {}
