import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

import { useBookingsContext } from './context';
import { keys } from './keys';
import type { Account, AccountChanges, Leaving } from './types';

export interface LiveAccount {
  account: Account | undefined;
  error: Error | null;
  /** Change name, phone or language; throws ApiError that names the field. */
  change: (changes: AccountChanges) => Promise<Account>;
  isChanging: boolean;
  /**
   * Delete the account: they are signed out everywhere at once, so forget the session afterwards. `state` tells
   * whether it is done, or what it waits for.
   */
  remove: (password: string) => Promise<Leaving>;
}

export function useAccount(): LiveAccount {
  const { api } = useBookingsContext();
  const queryClient = useQueryClient();
  const account = useQuery({ queryKey: keys.account, queryFn: () => api.account(), retry: false });
  const changing = useMutation({
    mutationFn: (changes: AccountChanges) => api.changeAccount(changes),
    onSuccess: (changed) => queryClient.setQueryData(keys.account, changed),
  });
  const removing = useMutation({ mutationFn: (password: string) => api.deleteAccount(password) });
  return {
    account: account.data,
    error: account.error,
    change: changing.mutateAsync,
    isChanging: changing.isPending,
    remove: removing.mutateAsync,
  };
}
