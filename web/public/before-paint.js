// Runs before the first paint so that neither the theme nor the language flashes. It is a file and
// not inline code because the content security policy allows scripts of this origin only.
(() => {
  try {
    const preferences = JSON.parse(localStorage.getItem("tollgate.preferences") ?? "{}");
    const root = document.documentElement;
    root.dataset.theme = preferences.theme ?? "system";
    root.dataset.density = preferences.density ?? "compact";
    root.lang = preferences.language ?? (navigator.language.startsWith("zh") ? "zh-CN" : "en");
  } catch {
    document.documentElement.dataset.theme = "system";
  }
})();
