from tests.golden import renew

renew()
