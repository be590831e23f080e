import { GlobalWindow } from 'happy-dom';
import { populateGlobal, type Environment } from 'vitest/runtime';

/** happy-dom's document, but Node's own fetch, as a phone's knows no same-origin policy. */
const environment: Environment = {
  name: 'phone',
  viteEnvironment: 'client',
  setup(global) {
    const window = new GlobalWindow({ url: 'http://localhost/' });
    const { keys, originals } = populateGlobal(global, window, { bindFunctions: true });
    return {
      async teardown() {
        await window.happyDOM.abort();
        keys.forEach((key) => delete global[key]);
        originals.forEach((value, key) => (global[key] = value));
      },
    };
  },
};

export default environment;
