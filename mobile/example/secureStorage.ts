import type { SecureStorage } from '../src';

/**
 * Where the token is kept. This one forgets it when the app is closed, so that the example needs no more packages;
 * a real app gives the three functions of expo-secure-store or react-native-keychain.
 */
export function memory(): SecureStorage {
  let kept: string | null = null;
  return {
    get: async () => kept,
    set: async (token) => {
      kept = token;
    },
    remove: async () => {
      kept = null;
    },
  };
}
