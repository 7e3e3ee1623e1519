import type { InitializeRequest, PROTOCOL_VERSION } from '@agentclientprotocol/sdk/unstable';
import { AppError } from '@baton/protocol';
import { CHECK, toDeafMessage } from './exit-failure.ts';
import { toWords } from './failure.ts';
import { type RpcChannel, RpcRefusal } from './rpc.ts';
import { toClientCapabilities } from './serve-agent.ts';
import type { AcpSettings } from './settings.ts';
import { type Initialized, initializedSchema } from './wire.ts';

const VERSION = 1 satisfies typeof PROTOCOL_VERSION;

/**
 * The handshake. Rejects with `agent-unresponsive`, and with what the program said instead, when it does not answer in time,
 * or speaks another protocol or another version of it.
 */
export async function initialize(
  rpc: RpcChannel,
  { definition, bounds }: AcpSettings,
  said: () => string,
): Promise<Initialized> {
  const { title } = definition;
  const params: InitializeRequest = {
    protocolVersion: VERSION,
    clientCapabilities: toClientCapabilities(definition),
    clientInfo: { name: 'baton', title: 'Baton', version: '1' },
  };
  const answer = await rpc
    .request({ method: 'initialize', params }, { timeoutMs: bounds.readyMs })
    .catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'agent-unresponsive')
        throw new AppError(error.kind, toDeafMessage(error.message, said()));
      if (!(error instanceof RpcRefusal)) throw error;
      const why = toWords(error.error).replace(/\.$/, '') || 'it does not say why';
      throw new AppError('agent-unresponsive', `${title} refused the handshake of the protocol: ${why}. ${CHECK}.`);
    });
  const parsed = initializedSchema.safeParse(answer);
  if (!parsed.success) {
    const what = `${title} answered the handshake with something that is not the Agent Client Protocol`;
    throw new AppError('agent-unresponsive', `${what}. ${CHECK}.`);
  }
  if (parsed.data.protocolVersion !== VERSION) {
    const what = `${title} speaks version ${parsed.data.protocolVersion} of the Agent Client Protocol, Baton version ${VERSION}`;
    throw new AppError('agent-unresponsive', `${what}. Install a version of it that speaks this one.`);
  }
  return parsed.data;
}
