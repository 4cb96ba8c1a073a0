namespace CarbonScaling.Telemetry;

/// <summary>A stream whose start has been read already: that start, and then the rest. Does not close the rest.</summary>
internal sealed class PrefixedStream(byte[] prefix, Stream rest) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        int ready = Math.Min(buffer.Length, prefix.Length - _position);
        if (ready == 0)
        {
            return rest.Read(buffer);
        }

        prefix.AsSpan(_position, ready).CopyTo(buffer);
        _position += ready;
        return ready;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
