import { createServer as createHttp } from 'node:http';
import { createServer as createSmtp, type AddressInfo, type Server, type Socket } from 'node:net';

export interface Mailbox {
  /** For the server's EMAIL_URL. */
  smtpUrl: string;
  /** Where tests read what came, newest last. */
  readUrl: string;
  stop: () => Promise<void>;
}

/** Takes every mail that the server sends, as a mail server does, and shows it to the tests. */
export async function openMailbox(): Promise<Mailbox> {
  const mails: string[] = [];
  const smtp = createSmtp((socket) => receive(socket, (mail) => mails.push(mail)));
  const reading = createHttp((_request, answer) => answer.end(JSON.stringify(mails)));
  const [smtpPort, readPort] = [await listen(smtp), await listen(reading)];
  const stop = async () => {
    await Promise.all([smtp, reading].map((server) => new Promise((done) => server.close(done))));
  };
  return { smtpUrl: `smtp://127.0.0.1:${smtpPort}`, readUrl: `http://127.0.0.1:${readPort}/`, stop };
}

/** The code in the newest mail to this address, once it came. */
export async function codeFor(address: string, readUrl: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const mail = (await mailsTo(address, readUrl)).at(-1);
    const code = /Subject: Your code is ([A-Z]{4}-[A-Z]{4})/.exec(mail ?? '')?.[1];
    if (code) return code;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error(`No code came for ${address}.`);
}

/** The mails that came to this address. */
export async function mailsTo(address: string, readUrl: string): Promise<string[]> {
  const mails = (await (await fetch(readUrl)).json()) as string[];
  return mails.filter((one) => one.includes(`To: ${address}`));
}

function listen(server: Server): Promise<number> {
  return new Promise((ready) => {
    server.listen(0, '127.0.0.1', () => ready((server.address() as AddressInfo).port));
  });
}

function receive(socket: Socket, onMail: (mail: string) => void): void {
  let text = '';
  let inMail = false;
  socket.on('error', () => socket.destroy());
  socket.write('220 here\r\n');
  socket.on('data', (chunk) => {
    text += chunk.toString('utf8');
    for (let end = nextEnd(text, inMail); end >= 0; end = nextEnd(text, inMail)) {
      const [part, width] = [text.slice(0, end), inMail ? 5 : 2];
      text = text.slice(end + width);
      if (inMail) onMail(part);
      socket.write(inMail ? '250 taken\r\n' : answerTo(part));
      inMail = !inMail && part.toUpperCase() === 'DATA';
      if (part.toUpperCase() === 'QUIT') socket.end();
    }
  });
}

function nextEnd(text: string, inMail: boolean): number {
  return text.indexOf(inMail ? '\r\n.\r\n' : '\r\n');
}

function answerTo(command: string): string {
  if (command.toUpperCase() === 'DATA') return '354 go on\r\n';
  return command.toUpperCase() === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n';
}
