"""The services that the library apprise knows, for offices that use another one (extra `notify`)."""

from requestflow.delivery.channel import Digest, Undelivered


class AppriseChannel:
    """Sends digests to addresses of that library; it says only whether it could."""

    def send(self, digest: Digest) -> None:
        """Sends it to the addressee's address.

        Raises:
            Undelivered: the library is not installed, does not know the address, or could not send.
        """
        try:
            import apprise
        except ImportError:
            raise Undelivered("apprise_missing", lasting=True) from None
        sender = apprise.Apprise()
        if not sender.add(digest.address or ""):
            raise Undelivered("apprise_address", lasting=True, name=digest.name)
        if not sender.notify(title=digest.subject, body=digest.text):
            raise Undelivered("apprise_failed", name=digest.name)
