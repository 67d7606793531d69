import { anthropicHead, credentialHeaders } from "#providers/anthropic/endpoint.ts";
import { createAnthropicEventReader } from "#providers/anthropic/event-reader.ts";
import { readAnthropicReply } from "#providers/anthropic/reply-facts.ts";
import { writeMessagesCall } from "#providers/anthropic/request.ts";
import { readMessage } from "#providers/anthropic/response.ts";
import { openMessageStream } from "#providers/anthropic/stream.ts";
import { classifyFailure } from "#providers/classify-failure.ts";
import type { Provider } from "#providers/provider.ts";
import { readModelList } from "#providers/read-model-list.ts";

/** Anthropic's Messages interface. */
export const anthropic: Provider = {
  name: "anthropic",
  native: {
    "anthropic-messages": {
      terminalFrame: 'event: message_stop\ndata: {"type":"message_stop"}\n\n',
      head: anthropicHead,
      readReply: readAnthropicReply,
      openEventReader: createAnthropicEventReader,
    },
  },
  chat: {
    request: (request, channel) => ({
      ...anthropicHead(channel, { stream: request.stream, clientHeaders: {} }),
      body: JSON.stringify(writeMessagesCall(request)),
    }),
    readReply: readMessage,
    openStream: openMessageStream,
  },
  readFailure: (reply) => classifyFailure(reply),
  models: {
    request: (channel) => ({
      method: "GET",
      url: `${channel.baseUrl}/v1/models?limit=1000`,
      headers: { accept: "application/json", ...credentialHeaders(channel) },
    }),
    read: readModelList,
  },
};
