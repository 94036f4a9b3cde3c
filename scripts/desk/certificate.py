# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A self-signed certificate for the local network: a phone's camera needs HTTPS.

Run by the environment's Python, which has the library: ``certificate.py FOLDER NAME …``
writes ``certificate.pem`` and ``key.pem`` for these addresses and names, unless those
that are there still do.
"""

import contextlib
import datetime
import ipaddress
import os
import sys
from pathlib import Path

# phones refuse certificates that are good for longer
_DAYS = 397
_LEFT_DAYS = 14


def ensure(folder, names):
    """Have a certificate for the names; return its path and that of the key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not (key.is_file() and _is_good(certificate, names)):
        folder.mkdir(parents=True, exist_ok=True)
        _make(certificate, key, names)
    return certificate, key


def _is_good(path, names):
    """Tell whether a certificate names all of these and is good for a while."""
    from cryptography import x509

    if not path.is_file():
        return False
    found = x509.load_pem_x509_certificate(path.read_bytes())
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=_LEFT_DAYS)
    held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return found.not_valid_after_utc > soon and set(map(_name, names)) <= set(held)


def _name(text):
    from cryptography import x509

    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(text))
    return x509.DNSName(text)


def _make(certificate, key, names):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    secret = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "RD Sales Desk")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(secret.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(list(map(_name, names))), False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False)
        .sign(secret, hashes.SHA256())
    )
    # nobody else may read the key, not even while it is written
    key.unlink(missing_ok=True)
    with open(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(
            secret.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    certificate.write_bytes(built.public_bytes(serialization.Encoding.PEM))


if __name__ == "__main__":
    ensure(Path(sys.argv[1]), sys.argv[2:])
