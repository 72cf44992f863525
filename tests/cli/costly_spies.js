// Preloaded into a program: says on standard error when it uses a part of the runtime that takes megabytes.
function tell(what) {
  console.error(`COSTLY ${what}\n${new Error().stack}`);
}

for (const name of Object.getOwnPropertyNames(Intl)) {
  if (typeof Intl[name] !== "function" || Intl[name].prototype === undefined) continue;
  Intl[name] = new Proxy(Intl[name], {
    construct(target, args, self) {
      tell(`Intl.${name}`);
      return Reflect.construct(target, args, self);
    },
  });
}
const takesLocale = [
  [String.prototype, ["localeCompare", "toLocaleLowerCase", "toLocaleUpperCase", "normalize"]],
  [Number.prototype, ["toLocaleString"]],
  [Date.prototype, ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]],
];
for (const [prototype, names] of takesLocale) {
  for (const name of names) {
    const original = prototype[name];
    prototype[name] = function (...args) {
      tell(name);
      return original.apply(this, args);
    };
  }
}

const { dlopen } = Deno;
Deno.dlopen = (...args) => {
  tell("Deno.dlopen");
  return dlopen(...args);
};
