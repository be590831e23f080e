import { AccountApi, type AccountApiOptions, type Progress } from './accountApi';

/** The device's own safe place for the token, such as expo-secure-store or react-native-keychain. */
export interface SecureStorage {
  get: () => Promise<string | null>;
  set: (token: string) => Promise<void>;
  remove: () => Promise<void>;
}

export type SessionState =
  /** Looking into the storage. */
  | { status: 'starting' }
  | { status: 'signed_out' }
  /** A code is in the mail: `verify(code)`, or `resend()`. */
  | { status: 'verifying'; email: string }
  /** The password was right; now the code of their authenticator app: `secondStep(code)`. */
  | { status: 'second_step' }
  /** If there is an account, a code is in the mail: `choosePassword(code, password)`. */
  | { status: 'choosing_password'; email: string }
  | { status: 'signed_in'; token: string };

/** Who is signed in on this phone. Every call that fails leaves the state as it was and throws. */
export class Session {
  private readonly api: AccountApi;
  private readonly watchers = new Set<() => void>();
  private now: SessionState = { status: 'starting' };

  constructor(
    options: AccountApiOptions,
    private readonly storage: SecureStorage,
  ) {
    this.api = new AccountApi(options);
    void this.start();
  }

  readonly state = (): SessionState => this.now;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** For BookingApi. */
  readonly token = (): string | null => (this.now.status === 'signed_in' ? this.now.token : null);

  /** The token is worth nothing any more: signed out, ended by a new password, or the account is deleted. */
  readonly forget = async (): Promise<void> => {
    await this.storage.remove();
    this.become({ status: 'signed_out' });
  };

  async signUp(email: string, password: string, name = ''): Promise<void> {
    await this.follow(await this.api.signUp({ email, password, name }), email);
  }

  async signIn(who: string, password: string): Promise<void> {
    await this.follow(await this.api.signIn(who, password), who);
  }

  async verify(code: string): Promise<void> {
    await this.follow(await this.api.verify(code), this.email());
  }

  async resend(): Promise<void> {
    await this.api.resend();
  }

  async secondStep(code: string): Promise<void> {
    await this.follow(await this.api.secondStep(code), '');
  }

  async askForNewPassword(email: string): Promise<void> {
    await this.api.askForNewPassword(email);
    this.become({ status: 'choosing_password', email });
  }

  /** Choose a password with the code from the mail, and sign in with it. */
  async choosePassword(code: string, password: string): Promise<void> {
    const email = this.email();
    await this.api.newPassword(code, password);
    await this.signIn(email, password);
  }

  /** Other phones are signed out by it; this one signs in again. */
  async changePassword(who: string, current: string, next: string): Promise<void> {
    const token = this.token();
    if (!token) throw new Error('Nobody is signed in.');
    await this.api.changePassword(token, current, next);
    await this.signIn(who, next);
  }

  /** Back to the start, from any step. */
  startAgain(): void {
    if (this.now.status !== 'signed_in') this.become({ status: 'signed_out' });
  }

  private async start(): Promise<void> {
    const token = await this.storage.get().catch(() => null);
    if (this.now.status === 'starting') this.become(token ? { status: 'signed_in', token } : { status: 'signed_out' });
  }

  private async follow({ token, waitsFor }: Progress, email: string): Promise<void> {
    if (token) {
      await this.storage.set(token);
      this.become({ status: 'signed_in', token });
    } else if (waitsFor === 'verify_email') {
      this.become({ status: 'verifying', email });
    } else if (waitsFor === 'mfa_authenticate') {
      this.become({ status: 'second_step' });
    } else {
      this.become({ status: 'signed_out' });
    }
  }

  private email(): string {
    return 'email' in this.now ? this.now.email : '';
  }

  private become(state: SessionState): void {
    this.now = state;
    for (const watcher of this.watchers) watcher();
  }
}
