provider "kurrentcloud" {}
