import { Metadata } from "@grpc/grpc-js";

/** HTTP headers as gRPC metadata; names that end in "-bin" carry base64 text in headers and bytes in metadata. */
export function metadataFromHeaders(headers: Headers): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of headers) {
    if (!isReserved(name)) {
      metadata.add(name, name.endsWith("-bin") ? Buffer.from(value, "base64") : value);
    }
  }
  return metadata;
}

/** gRPC metadata as HTTP headers, the reverse of {@link metadataFromHeaders}. */
export function headersFromMetadata(metadata: Metadata | undefined): Headers {
  const headers = new Headers();
  if (metadata !== undefined) {
    copyMetadata(metadata, headers);
  }
  return headers;
}

/** Adds every entry of the metadata to the headers. */
export function copyMetadata(metadata: Metadata, headers: Headers): void {
  for (const [name, values] of Object.entries(metadata.toJSON())) {
    for (const value of values) {
      headers.append(name, Buffer.isBuffer(value) ? value.toString("base64") : value);
    }
  }
}

// Set by the channel itself.
function isReserved(name: string): boolean {
  return (
    name === "content-type" || name === "user-agent" || name === "te" || name.startsWith("grpc-")
  );
}
