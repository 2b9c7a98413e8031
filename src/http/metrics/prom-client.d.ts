/** The three files of prom-client that are used; its entry loads much more (decision 0001). */
declare module 'prom-client/lib/registry.js' {
  import type { Registry } from 'prom-client';

  const registry: typeof Registry;
  export default registry;
}
declare module 'prom-client/lib/gauge.js' {
  import type { Gauge } from 'prom-client';

  const gauge: typeof Gauge;
  export default gauge;
}
declare module 'prom-client/lib/counter.js' {
  import type { Counter } from 'prom-client';

  const counter: typeof Counter;
  export default counter;
}
