# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
FROM odoo:19.0

USER root
# Odoo's image brings Odoo, its Python packages and wkhtmltopdf; from the pinned set only
# what it lacks is added: the OCA add-ons, the spreadsheet reader, the similarity measure
COPY requirements.lock /tmp/requirements.lock
RUN grep -iE '^(odoo-addon-|python-calamine==|rapidfuzz==)' /tmp/requirements.lock \
        > /tmp/wanted.lock \
    && pip3 install --no-cache-dir --no-deps --break-system-packages \
        --target /opt/rd/python -r /tmp/wanted.lock \
    && rm /tmp/requirements.lock /tmp/wanted.lock
# Chinese print: with no Chromium in the image, statements fall back to wkhtmltopdf
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
COPY odoo.conf /etc/odoo/odoo.conf
COPY docker/healthcheck.py /opt/rd/healthcheck.py
COPY addons /opt/rd/addons
RUN chown odoo /etc/odoo/odoo.conf
USER odoo

# holds nothing that the image has: the OCA add-ons' odoo folder is no package itself
ENV PYTHONPATH=/opt/rd/python
HEALTHCHECK --interval=30s --timeout=20s --start-period=120s --retries=3 \
    CMD ["python3", "/opt/rd/healthcheck.py", "web"]
CMD ["odoo"]
